const net = require('net');
net.connect(80, '192.0.2.1').on('error', (error) => console.log(error.code));
require('dns').lookup('example.invalid', (error) => console.log(error.code));
const server = require('http').createServer((request, answer) => answer.end('answer ' + request.url));
server.listen(0, '127.0.0.1', () => {
  require('http').get({ host: '127.0.0.1', port: server.address().port, path: '/x' }, (answer) => {
    answer.on('data', (data) => console.log(String(data))).on('end', () => server.close());
  });
}).on('error', (error) => console.log(error.code));
