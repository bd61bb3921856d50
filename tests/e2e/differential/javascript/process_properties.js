console.log(process.title, process.version, process.arch, process.platform, process.exitCode);
console.log(process.versions);
console.log(process.release.name, process.release.lts, process.config.variables.napi_build_version);
console.log(process.debugPort, process.connected, process.channel, process.stdin.fd);
