exports.entry = require('#inner') === exports;
