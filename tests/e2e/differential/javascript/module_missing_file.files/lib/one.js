require('./two');
