/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Replays a corpus without a fuzzer. Each file is fed to the target as it is,
 * cut off at every length, and with every byte inverted in turn: the two
 * mistakes that parsers of packets and files make most. Every input lies in a
 * heap block of its exact length, so that a sanitizer sees one byte too many.
 *
 * A folder that is missing or empty is a failure: a test that replayed nothing
 * has shown nothing.
 */
#include <dirent.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILE_MAX (1024 * 1024) /* a corpus file is small; a longer one is a mistake */
#define VARY_MAX 2048          /* longer files are only replayed as they are */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int feed(const uint8_t *bytes, size_t size, size_t inverted)
{
	uint8_t *copy = (uint8_t *)malloc(size ? size : 1);

	if (!copy)
		return -ENOMEM;
	memcpy(copy, bytes, size);
	if (inverted < size)
		copy[inverted] = (uint8_t)~copy[inverted];
	(void)LLVMFuzzerTestOneInput(copy, size);
	free(copy);
	return 0;
}

static int replay_bytes(const uint8_t *bytes, size_t size)
{
	int ret = feed(bytes, size, SIZE_MAX);

	if (size > VARY_MAX)
		return ret;
	for (size_t n = 0; n < size && !ret; n++) {
		ret = feed(bytes, n, SIZE_MAX);
		if (!ret)
			ret = feed(bytes, size, n);
	}
	return ret;
}

static int replay_file(const char *path, uint8_t *buffer)
{
	FILE *file = fopen(path, "rb");
	size_t size;
	int ret = 0;

	if (!file)
		return -errno;
	size = fread(buffer, 1, FILE_MAX + 1, file);
	if (ferror(file))
		ret = -EIO;
	else if (size > FILE_MAX)
		ret = -EFBIG;
	fclose(file);
	return ret ? ret : replay_bytes(buffer, size);
}

/* Returns how many files were replayed, or -errno after having said which one failed. */
static int replay_folder(const char *folder, uint8_t *buffer)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;
	char path[4096];
	int count = 0, ret = 0;

	if (!dir) {
		ret = -errno;
		fprintf(stderr, "%s: %s\n", folder, strerror(errno));
		return ret;
	}
	while (!ret && (entry = readdir(dir))) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
		ret = replay_file(path, buffer);
		if (ret)
			fprintf(stderr, "%s: %s\n", path, strerror(-ret));
		count++;
	}
	closedir(dir);
	return ret ? ret : count;
}

int main(int argc, char **argv)
{
	uint8_t *buffer = (uint8_t *)malloc(FILE_MAX + 1);
	int status = argc > 1 && buffer ? 0 : 1;

	for (int n = 1; n < argc && !status; n++) {
		int count = replay_folder(argv[n], buffer);

		if (count <= 0)
			status = 1;
		if (count == 0)
			fprintf(stderr, "%s: no files to replay\n", argv[n]);
		if (count > 0)
			printf("%s: %d files\n", argv[n], count);
	}
	free(buffer);
	return status;
}
