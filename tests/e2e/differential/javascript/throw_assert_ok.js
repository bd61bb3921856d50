require('assert')(1 === 2);
