console.log(typeof process.binding('fs'), Object.keys(process.binding('natives')).length > 10);
try {
  process.binding('nothing');
} catch (error) {
  console.log(error.message);
}
