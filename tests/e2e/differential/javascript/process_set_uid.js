for (const call of [() => process.setuid(0), () => process.setgid(0), () => process.initgroups('root', 0)]) {
  try {
    call();
  } catch (error) {
    console.log(error.code, error.syscall);
  }
}
console.log(process.umask(0o077), process.umask());
