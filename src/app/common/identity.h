/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_COMMON_IDENTITY_H
#define APP_COMMON_IDENTITY_H

/*
 * What the head of a record says about its writer: the name of the vantage, and an id of
 * this start of the program. (vantage, boot, sequence number) is unique for a record.
 */
#define IDENTITY_HOST_TEXT 256
#define IDENTITY_BOOT_TEXT 33 /* 128 bits in hexadecimal digits, and the end */

/* Writes a new random boot id. */
void identity_boot(char text[IDENTITY_BOOT_TEXT]);

/* Writes the host name of this machine; "localhost" where it has none. */
void identity_host(char text[IDENTITY_HOST_TEXT]);

#endif
