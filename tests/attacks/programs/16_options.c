#pragma -wrapper /bin/sh,wrapper.sh
