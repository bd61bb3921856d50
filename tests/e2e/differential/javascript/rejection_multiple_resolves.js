new Promise((resolve, reject) => {
  resolve(1);
  reject(new Error('ignored'));
}).then(console.log);
