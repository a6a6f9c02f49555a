/* SPDX-License-Identifier: Apache-2.0 */
#ifndef UNIT_APP_FILES_H
#define UNIT_APP_FILES_H

/* Files for tests, in the folder for temporary files. */
#define FILES_PATH 64

/* Makes a file that holds TEXT and writes its path. The test removes it (unlink()). */
void files_make(char path[FILES_PATH], const char *text);

#endif
