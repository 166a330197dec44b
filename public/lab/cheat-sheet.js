import { find, show } from "./lab.js";
import { noteTried } from "./progress.js";

find("[data-live] button").addEventListener("click", () => {
  noteTried();
  print();
});
show();
