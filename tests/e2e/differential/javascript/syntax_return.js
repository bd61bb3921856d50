console.log('a module is a function');
return;
console.log('never');
