/* SPDX-License-Identifier: Apache-2.0 */
#include "app/common/client_secrets.h"

#include "app/common/pem.h"

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

int client_secrets_check(const struct client_files *files, const struct client_secrets *secrets,
			 struct bw_err *err)
{
	const struct {
		const char *path;
		const struct secret *secret;
		enum pem_kind kind;
	} all[] = {{files->proof, &secrets->proof, PEM_CREDENTIALS},
		   {files->ca, &secrets->ca, PEM_CERTIFICATES},
		   {files->certificate, &secrets->certificate, PEM_CERTIFICATES},
		   {files->key, &secrets->key, PEM_KEY}};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		if (!all[i].path || pem_check(all[i].kind, all[i].secret->bytes, err) == 0)
			continue;
		bw_err_place(err, all[i].path, 0, 0, NULL);
		return BW_ERR_VALUE;
	}
	return 0;
}

void client_secrets_fini(struct client_secrets *secrets)
{
	secret_fini(&secrets->proof);
	secret_fini(&secrets->ca);
	secret_fini(&secrets->certificate);
	secret_fini(&secrets->key);
}
