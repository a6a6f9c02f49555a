/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/privilege.h"

#include <errno.h>
#include <linux/capability.h>
#include <sys/syscall.h>
#include <unistd.h>

static bool has_net_raw(void)
{
	struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {{0, 0, 0}};

	if (syscall(SYS_capget, &header, data) != 0)
		return geteuid() == 0;
	return data[CAP_TO_INDEX(CAP_NET_RAW)].effective & CAP_TO_MASK(CAP_NET_RAW);
}

bool privilege_is_missing(int code)
{
	return code == -EPERM || code == -EACCES;
}

int privilege_check(struct bw_err *err)
{
	return has_net_raw() ? 0 : privilege_error(err);
}

int privilege_error(struct bw_err *err)
{
	char path[160];
	ssize_t length = readlink("/proc/self/exe", path, sizeof(path));

	if (has_net_raw())
		return bw_err_set(err, BW_ERR_PRIVILEGE,
				  "the system refuses raw sockets although CAP_NET_RAW is there: "
				  "look at the container's or the service's restrictions "
				  "(seccomp, user and network namespace)");
	/* A path that is cut off would make a command that does not work. */
	if (length <= 0 || (size_t)length == sizeof(path))
		return bw_err_set(err, BW_ERR_PRIVILEGE,
				  "sending probes needs CAP_NET_RAW: run as root, or once "
				  "'setcap cap_net_raw+ep' on the program, or use the systemd "
				  "unit blockwatch.service");
	return bw_err_set(err, BW_ERR_PRIVILEGE,
			  "sending probes needs CAP_NET_RAW: run as root, or once "
			  "'setcap cap_net_raw+ep %.*s', or use the systemd unit "
			  "blockwatch.service", (int)length, path);
}
