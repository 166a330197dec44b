import type { Page } from "@playwright/test";

/**
 * How often each text stands in the memory of the page's WebAssembly.
 *
 * It goes in as an injected script would: importing the module again gives the one that is running, and starting it
 * again gives its live exports.
 */
export async function countInWasmHeap(page: Page, texts: readonly string[]): Promise<number[]> {
  return page.evaluate(async (texts) => {
    const module = document.querySelector<HTMLLinkElement>("link[rel=modulepreload]")?.href ?? "";
    const { default: start } = (await import(module)) as {
      default: () => Promise<{ memory: WebAssembly.Memory }>;
    };
    const { memory } = await start();
    const heap = new TextDecoder("latin1").decode(memory.buffer);
    return texts.map((text) => heap.split(text).length - 1);
  }, texts);
}
