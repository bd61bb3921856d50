new Buffer(3);
require('url').parse('http://x:bad');
