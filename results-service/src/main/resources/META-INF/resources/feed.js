// The live stream, once a browser: over HTTP/1.1 a browser opens six connections to a service at
// most, and a stream keeps one for itself. So a shared worker reads the stream and all pages listen
// to the worker; where there are no shared workers, each page reads the stream by itself.

const EVENTS = "/api/v1/events";
const RECONNECT_MS = 3000;

// Reads the stream for as long as it is asked to, and tells what happens as [name, data].
export function read(tell) {
  const source = new EventSource(EVENTS);
  source.addEventListener("open", () => tell("open"));
  for (const name of ["certificate", "progress"]) {
    source.addEventListener(name, (event) => tell(name, JSON.parse(event.data)));
  }
  source.addEventListener("error", () => {
    tell("lost");
    if (source.readyState === EventSource.CLOSED) {
      setTimeout(() => read(tell), RECONNECT_MS);
    }
  });
}

// Calls listener[name](data) for each event of the stream, and open() and lost() for what becomes
// of the connection.
export function openFeed(listener) {
  if (typeof SharedWorker === "undefined") {
    read((name, data) => listener[name](data));
    return;
  }
  const worker = new SharedWorker("feed-worker.js", { type: "module", name: "gapstream" });
  worker.port.addEventListener("message", ({ data: [name, data] }) => listener[name](data));
  worker.port.start();
  addEventListener("pagehide", () => worker.port.postMessage("leave"));
  // A page that the browser kept and shows again has to be told everything anew.
  addEventListener("pageshow", (event) => event.persisted && worker.port.postMessage("join"));
}
