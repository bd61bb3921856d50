for (const name of ['stdin', 'stdout', 'stderr']) {
  const stream = process[name];
  console.log(name, stream.constructor.name, stream.fd, stream.isTTY, stream.readable, stream.writable,
    stream.readableHighWaterMark, stream.writableHighWaterMark, stream._type,
    Object.prototype.hasOwnProperty.call(process, name));
}
console.log(process.stdout.columns, process.stdout.writableLength, process.stdin.isPaused());
