console.log(await 1);
