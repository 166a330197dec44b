import type { Logged, Standing } from "./control-room.ts";

type Logs = Standing["evidence"];

const wentThrough = ({ status }: Logged) => status < 300;
const of = (deed: string, requests: readonly Logged[]) => requests.filter((one) => one.deed === deed);
const own = ({ requests }: Logs) => requests.filter(({ site }) => site === "same-origin");
const foreign = ({ requests }: Logs) =>
  requests.filter(({ site, deed }) => ["same-site", "cross-site"].includes(site) && deed !== "page");

/** What Alice's own page proves who she is with. */
const ownCredential = (logs: Logs) => of("who", own(logs)).find(wentThrough)?.credential;

/** Pages of other origins asked for a transfer, proved nothing, and had no effect. */
function cameToNothing(logs: Logs): boolean {
  const asked = foreign(logs);
  const isRefused = ({ credential, status }: Logged) => !credential && [401, 403].includes(status);
  return of("transfer", asked).some(isRefused) && !asked.some(wentThrough);
}

/** What was asked since the page was loaded again, if it was. */
function sinceReload({ requests }: Logs): readonly Logged[] {
  const loads = of("page", requests);
  const last = loads.at(-1);
  return last && loads.length > 1 ? requests.slice(requests.lastIndexOf(last)) : [];
}

const did = (deed: string, requests: readonly Logged[]) => of(deed, requests).some(wentThrough);

/** What has to stand in the two servers' logs for each verdict: rules that owe nothing to the lab's own. */
const PROOFS: Readonly<Record<string, (logs: Logs) => boolean>> = {
  stolen: ({ loot }) => loot.some(({ value, replays }) => value.length > 0 && replays[0]?.status === 200),
  rode: (logs) => did("transfer", own(logs)),
  forged: (logs) => did("transfer", foreign(logs)) || did("refresh", foreign(logs)),
  refused: (logs) => ownCredential(logs) === "bearer" && cameToNothing(logs),
  blocked: (logs) => ownCredential(logs) === "cookie" && cameToNothing(logs),
  nothing: (logs) =>
    logs.loot.length === 0 &&
    logs.reports.at(-1) === "finished" &&
    ownCredential(logs) !== undefined &&
    !did("transfer", own(logs)),
  "signed-in": (logs) => did("who", sinceReload(logs)) && !did("refresh", sinceReload(logs)),
  "needs-refresh": (logs) => did("who", sinceReload(logs)) && did("refresh", sinceReload(logs)),
};

/** The verdicts that the logs of a run prove. */
export function proved(logs: Logs): string[] {
  return Object.keys(PROOFS).filter((verdict) => PROOFS[verdict]?.(logs));
}
