require('./lib/one');
