/* Tells how far down it could put its score for the out-of-memory killer. */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

int main(void)
{
	char text[16];

	for (int score = -1000; score < 1000; score += 100) {
		int fd = open("/proc/self/oom_score_adj", O_WRONLY);
		int length = snprintf(text, sizeof(text), "%d", score);

		if (write(fd, text, (size_t)length) > 0) {
			printf("oom_score_adj %d\n", score);
			break;
		}
		close(fd);
	}
	puts("tried");
	return 0;
}
