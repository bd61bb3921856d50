undeclared = 1;
console.log(undeclared, global.undeclared, this === global, (function () { return this === global; })());
with ({ a: 5 }) console.log(a);
console.log(010, typeof arguments);
