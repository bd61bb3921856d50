require('path');
