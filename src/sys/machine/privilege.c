/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/machine/privilege.h"

#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <pwd.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
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
			  "blockwatch.service",
			  (int)length, path);
}

struct user {
	uid_t uid;
	gid_t gid;
};

/* A number need not be in the list of users (a container has none); its group is the same. */
static bool find_user(const char *name, struct user *ret_user)
{
	bool number = name[strspn(name, "0123456789")] == '\0' && strlen(name) < 10;
	unsigned long uid = number ? strtoul(name, NULL, 10) : 0;
	const struct passwd *entry = number ? getpwuid((uid_t)uid) : getpwnam(name);

	if (!entry && !number)
		return false;
	*ret_user = entry ? (struct user){entry->pw_uid, entry->pw_gid}
			  : (struct user){(uid_t)uid, (gid_t)uid};
	return true;
}

/* Nothing but CAP_NET_RAW, and that only if it is there. */
static int keep_net_raw(void)
{
	struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {{0, 0, 0}};
	const unsigned index = CAP_TO_INDEX(CAP_NET_RAW);
	uint32_t kept;

	if (syscall(SYS_capget, &header, data) != 0)
		return -1;
	kept = data[index].permitted & CAP_TO_MASK(CAP_NET_RAW);
	memset(data, 0, sizeof(data));
	data[index].permitted = data[index].effective = kept;
	return (int)syscall(SYS_capset, &header, data);
}

/*
 * The order matters: only root can change groups, and PR_SET_KEEPCAPS preserves the
 * capabilities over the change of user until keep_net_raw() has dropped all but one.
 * Nothing can be regained: PR_SET_NO_NEW_PRIVS holds for programs that are run, and the
 * return to root must fail.
 */
static int become(const struct user *user)
{
	if (prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) != 0 || setgroups(1, &user->gid) != 0 ||
	    setresgid(user->gid, user->gid, user->gid) != 0 ||
	    setresuid(user->uid, user->uid, user->uid) != 0 || keep_net_raw() != 0 ||
	    prctl(PR_SET_KEEPCAPS, 0, 0, 0, 0) != 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return -errno;
	return setresuid(0, 0, 0) == 0 && user->uid != 0 ? -EPERM : 0;
}

static int refuse_user(const char *name, struct bw_err *err)
{
	return bw_err_set(err, BW_ERR_VALUE,
			  "there is no user '%.60s' on this system: make it (useradd --system), "
			  "or name another one",
			  name);
}

int privilege_find(const char *name, struct bw_err *err)
{
	struct user user;

	return find_user(name, &user) ? 0 : refuse_user(name, err);
}

int privilege_become(const char *name, struct bw_err *err)
{
	struct user user;
	int code;

	if (!find_user(name, &user))
		return refuse_user(name, err);
	if (user.uid == geteuid())
		return 0;
	if (geteuid() != 0)
		return bw_err_set(err, BW_ERR_PRIVILEGE,
				  "only root can become '%.60s': start it as root, or leave "
				  "\"user\" out",
				  name);
	code = become(&user);
	if (code < 0)
		return bw_err_set(err, BW_ERR_PRIVILEGE, "cannot become '%.60s': %s", name,
				  strerror(-code));
	return 0;
}

int privilege_numbers(const char *name, unsigned *ret_uid, unsigned *ret_gid, struct bw_err *err)
{
	struct user user;

	if (!find_user(name, &user))
		return refuse_user(name, err);
	*ret_uid = user.uid;
	*ret_gid = user.gid;
	return 0;
}

/* Where it cannot be read, something may be held. */
static bool holds_nothing(void)
{
	struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {{0, 0, 0}};
	uint32_t held = 0;

	if (syscall(SYS_capget, &header, data) != 0)
		return false;
	for (size_t i = 0; i < _LINUX_CAPABILITY_U32S_3; i++)
		held |= data[i].permitted | data[i].inheritable;
	return held == 0;
}

/* Also those that a service manager lets a program inherit (ambient ones). */
static int drop_capabilities(void)
{
	struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
	struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {{0, 0, 0}};

	prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return -errno;
	/* A service manager that gives none may also forbid the call (SystemCallFilter=). */
	if (!holds_nothing() && syscall(SYS_capset, &header, none) != 0)
		return -errno;
	return 0;
}

int privilege_give_up(const char *name, struct bw_err *err)
{
	const bool becomes = name && geteuid() == 0;
	struct user user;
	int code = 0;

	if (becomes && !find_user(name, &user))
		return refuse_user(name, err);
	if (becomes)
		code = become(&user);
	if (code == 0)
		code = drop_capabilities();
	if (code < 0)
		return bw_err_set(err, BW_ERR_PRIVILEGE, "cannot give up privileges: %s",
				  strerror(-code));
	return 0;
}
