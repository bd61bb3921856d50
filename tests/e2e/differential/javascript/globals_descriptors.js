for (const name of Object.getOwnPropertyNames(globalThis).sort()) {
  const { value, get, set, writable, enumerable, configurable } =
    Object.getOwnPropertyDescriptor(globalThis, name);
  console.log(name, typeof value, typeof get, typeof set, writable, enumerable, configurable);
}
