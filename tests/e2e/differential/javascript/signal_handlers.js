const seen = [];
for (const name of ['SIGINT', 'SIGTERM', 'SIGUSR2', 'SIGHUP', 'SIGWINCH', 'SIGPIPE']) {
  process.on(name, (...args) => {
    seen.push(args.join());
    if (seen.length === 6) {
      console.log(seen.sort());
      process.exit(0);
    }
  });
}
for (const name of ['SIGINT', 'SIGTERM', 'SIGUSR2', 'SIGHUP', 'SIGWINCH', 'SIGPIPE']) process.kill(process.pid, name);
setTimeout(() => console.log('late', seen), 3000);
