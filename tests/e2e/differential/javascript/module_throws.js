require('./thrower').run();
