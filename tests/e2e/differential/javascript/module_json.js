const data = require('./data.json');
console.log(data, require('./data') === data);
try {
  require('./broken.json');
} catch (error) {
  console.log(error.name, error.message);
}
