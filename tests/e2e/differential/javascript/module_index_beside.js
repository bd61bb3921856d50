console.log('main.js runs', require('./index').name);
