console.log(process.kill(process.pid, 0), process.kill(process.pid, 'SIGWINCH'));
try {
  process.kill(process.pid, 'SIGNOTHING');
} catch (error) {
  console.log(error.code, error.message);
}
try {
  process.kill(99999999, 0);
} catch (error) {
  console.log(error.code, error.message);
}
