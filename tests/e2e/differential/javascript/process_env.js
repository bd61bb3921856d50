console.log(process.env);
console.log(Object.keys(process.env), process.env.NODE_OPTIONS, process.env.NODE_PATH);
process.env.NEW = 5;
console.log(typeof process.env.NEW, 'NEW' in process.env, delete process.env.NEW, process.env.NEW);
