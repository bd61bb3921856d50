const error = new Error('outer', { cause: new TypeError('inner') });
error.code = 'E_CODE';
error.extra = { a: [1, 2] };
throw error;
