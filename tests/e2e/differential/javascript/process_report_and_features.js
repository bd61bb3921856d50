console.log(process.features, process.allowedNodeEnvironmentFlags.size, process.report.directory);
console.log(process.noDeprecation, process.throwDeprecation, process.traceDeprecation);
console.log(process.hasUncaughtExceptionCaptureCallback(), process.sourceMapsEnabled);
