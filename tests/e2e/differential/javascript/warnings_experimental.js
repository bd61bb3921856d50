require('fs/promises');
require('vm').runInThisContext('1');
(async () => {
  console.log(await new Blob(['x']).text());
  console.log(await (await fetch('data:text/plain,hello')).text());
})();
