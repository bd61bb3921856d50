process.emitWarning('a warning');
process.emitWarning('with a type', 'CustomWarning', 'CODE1');
process.emitWarning('deprecated', { type: 'DeprecationWarning', code: 'DEP9', detail: 'some detail' });
process.emitWarning('deprecated', 'DeprecationWarning', 'DEP9');
process.on('warning', (warning) => console.log(warning.name, warning.message, warning.code));
