console.log(process.eventNames().map(String).sort());
for (const name of process.eventNames()) {
  console.log(String(name), process.listenerCount(name), process.listeners(name).map((f) => f.name));
}
console.log(process.getMaxListeners(), process.domain, process._events && Object.keys(process._events));
