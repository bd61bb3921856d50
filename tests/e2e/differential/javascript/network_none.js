const net = require('net');
const http = require('http');

function ask(server) {
  http.get({ host: '127.0.0.1', port: server.address().port, path: '/x' }, (answer) => {
    answer.on('data', (data) => console.log(String(data))).on('end', () => server.close());
  });
}

net.connect(80, '192.0.2.1').on('error', (error) => {
  console.log(error.code);
  require('dns').lookup('example.invalid', (problem) => {
    console.log(problem.code);
    const server = http.createServer((request, answer) => answer.end('answer ' + request.url));
    server.listen(0, '127.0.0.1', () => ask(server));
  });
});
