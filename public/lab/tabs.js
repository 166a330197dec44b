// Tabs as the ARIA Authoring Practices describe them: one tab stop, arrow keys, Home and End.
import { all } from "./lab.js";

/**
 * Brings a list of tabs to life, and says which one somebody chose. Gives the function that selects one by name.
 * @param {HTMLElement} list
 * @param {(name: string) => void} selected
 */
export function tabs(list, selected) {
  const buttons = all("[role=tab]", list);

  /** @param {string} name */
  const select = (name) => {
    for (const button of buttons) {
      const isSelected = button.dataset.part === name;
      button.ariaSelected = String(isSelected);
      button.tabIndex = isSelected ? 0 : -1;
      const panel = document.getElementById(button.getAttribute("aria-controls") ?? "");
      if (panel) panel.hidden = !isSelected;
    }
  };

  /** @param {HTMLElement} button */
  const choose = ({ dataset }) => {
    select(dataset.part ?? "");
    selected(dataset.part ?? "");
  };

  buttons.forEach((button, index) => {
    button.addEventListener("click", () => choose(button));
    button.addEventListener("keydown", (event) => {
      const target = { ArrowRight: index + 1, ArrowLeft: index - 1, Home: 0, End: -1 }[event.key];
      const next = target === undefined ? undefined : buttons.at(target % buttons.length);
      if (!next) return;
      event.preventDefault();
      next.focus();
      choose(next);
    });
  });
  return select;
}
