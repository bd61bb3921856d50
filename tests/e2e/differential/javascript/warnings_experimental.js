require('fs/promises');
require('vm').runInThisContext('1');
fetch('data:text/plain,hello').then((answer) => answer.text()).then(console.log);
new Blob(['x']).text().then(console.log);
