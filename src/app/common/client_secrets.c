/* SPDX-License-Identifier: Apache-2.0 */
#include "app/common/client_secrets.h"

int client_secrets_read(const struct client_files *files, const struct options_texts *passed,
			struct client_secrets *ret_secrets, struct bw_err *err)
{
	struct client_secrets secrets = {.proof = {0}};
	int code = secret_read(files->proof, passed, true, &secrets.proof, err);

	if (code == 0)
		code = secret_read(files->ca, passed, false, &secrets.ca, err);
	if (code == 0)
		code = secret_read(files->certificate, passed, false, &secrets.certificate, err);
	if (code == 0)
		code = secret_read(files->key, passed, true, &secrets.key, err);
	if (code < 0)
		client_secrets_fini(&secrets);
	*ret_secrets = secrets;
	return code;
}

void client_secrets_fini(struct client_secrets *secrets)
{
	secret_fini(&secrets->proof);
	secret_fini(&secrets->ca);
	secret_fini(&secrets->certificate);
	secret_fini(&secrets->key);
}
