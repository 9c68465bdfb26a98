// Reads the live stream once for all pages of this browser; see feed.js.

import { read } from "./feed.js";

const pages = new Set();
let state = null; // "open" or "lost", once known

function join(port) {
  pages.add(port);
  if (state !== null) {
    port.postMessage([state]);
  }
}

addEventListener("connect", ({ ports: [port] }) => {
  port.addEventListener("message", ({ data }) => (data === "leave" ? pages.delete(port) : join(port)));
  port.start();
  join(port);
});

read((name, data) => {
  if (name === "open" || name === "lost") {
    state = name;
  }
  pages.forEach((port) => port.postMessage([name, data]));
});
