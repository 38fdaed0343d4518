/*
 * reader KEY SIZE TIMES MILLISECONDS: prints the string at the beginning of the segment of KEY,
 * TIMES times, one a line, with a pause after each.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/shm.h>
#include <unistd.h>

static int fail(const char *call)
{
	fprintf(stderr, "reader: %s: %s\n", call, strerror(errno));
	return 1;
}

int main(int argc, char **argv)
{
	if (argc != 5) {
		fprintf(stderr, "usage: reader KEY SIZE TIMES MILLISECONDS\n");
		return 2;
	}
	key_t key = (key_t)strtoul(argv[1], NULL, 0);
	size_t size = strtoul(argv[2], NULL, 0);
	int times = atoi(argv[3]);
	useconds_t pause = (useconds_t)strtoul(argv[4], NULL, 0) * 1000;

	int id = shmget(key, size, IPC_CREAT | 0600);
	if (id < 0)
		return fail("shmget");
	const char *text = shmat(id, NULL, 0);
	if (text == (const char *)-1)
		return fail("shmat");

	while (times-- > 0) {
		printf("%s\n", text);
		fflush(stdout);
		usleep(pause);
	}
	return 0;
}
