/* Tells every family and type of socket that it got but the common ones. */
#define _GNU_SOURCE
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

int main(void)
{
	static const int types[] = {SOCK_STREAM, SOCK_DGRAM, SOCK_RAW, SOCK_SEQPACKET, SOCK_PACKET};
	int tried = 0, fds[2];

	for (int family = 0; family < 64; family++) {
		for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
			int common = types[i] == SOCK_STREAM || types[i] == SOCK_DGRAM;

			if (family == AF_UNIX ||
			    ((family == AF_INET || family == AF_INET6) && common))
				continue;
			for (int protocol = 0; protocol < 18; protocol++) {
				int fd = socket(family, types[i], protocol);

				tried++;
				if (fd >= 0)
					printf("family %d type %d protocol %d\n", family, types[i],
					       protocol);
				if (socketpair(family, types[i], protocol, fds) == 0)
					printf("pair of family %d type %d\n", family, types[i]);
			}
		}
	}
	/* A family beyond 32 bits that the kernel sees cut. */
	if (syscall(41, (1L << 32) | AF_NETLINK, SOCK_RAW, 0) >= 0)
		puts("netlink with high bits");
	printf("tried %d\n", tried);
	return 0;
}
