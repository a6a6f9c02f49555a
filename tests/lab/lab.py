# SPDX-License-Identifier: Apache-2.0
"""Labs of network namespaces: real kernels, real packets, no route outward.

A Lab owns everything that it makes: namespaces (called bwlab-PID-LAB-NAME), the veth
links between them, processes, captures and a folder for files. All of it is gone
when the `with` block ends, by whatever way: return, exception, Ctrl-C, SIGTERM.
Links are created inside the namespaces, never in the root namespace, so that no
packet has a way out of the lab.

Needs root, iproute2 and nftables, and nothing beside Python's standard library.
Raises LabUnavailable where a lab cannot be: tests say "skipped" then (exit 77).
"""
import atexit
import contextlib
import ctypes
import itertools
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time

PREFIX = "bwlab"
SKIPPED = 77
CLONE_NEWNET = 0x40000000
LIBC = ctypes.CDLL(None, use_errno=True)

# Seconds until the harness gives up on something that must come. The tests judge no speed, so this
# only has to be longer than anything takes on a busy machine.
PATIENCE = 240

# Settings of each namespace: hosts answer every time, and send nothing by themselves.
SETTINGS = {
    "net/ipv4/conf/all/rp_filter": 0,
    "net/ipv4/conf/default/rp_filter": 0,
    "net/ipv4/icmp_ratelimit": 0,
    "net/ipv4/icmp_ratemask": 0,
    "net/ipv4/icmp_msgs_per_sec": 1000000,
    "net/ipv6/icmp/ratelimit": 0,
    "net/ipv6/conf/default/accept_dad": 0,
    "net/ipv6/conf/default/accept_ra": 0,
    "net/ipv6/conf/default/autoconf": 0,
    "net/ipv6/conf/default/router_solicitations": 0,
}


class LabError(Exception):
    """A part of the lab did not work."""


class LabUnavailable(LabError):
    """This machine cannot have a lab; the message says why."""


class Finished:
    """A command that has ended."""

    def __init__(self, code, stdout, stderr, seconds):
        self.code = code
        self.stdout = stdout
        self.stderr = stderr
        self.seconds = seconds


class Node:
    """One namespace: a host or a router."""

    def __init__(self, lab, name):
        self.lab = lab
        self.name = name
        self.netns = f"{PREFIX}-{os.getpid()}-{lab.number}-{name}"
        lab.nodes[name] = self
        run_tool(["ip", "netns", "add", self.netns])
        with self.inside():
            for key, value in SETTINGS.items():
                write_setting(key, value)
        self.ip("link set lo up")

    @contextlib.contextmanager
    def inside(self):
        """Moves this thread into the namespace, for sockets and /proc/sys/net."""
        home = os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
        there = os.open(f"/run/netns/{self.netns}", os.O_RDONLY | os.O_CLOEXEC)
        try:
            enter_netns(there)
            yield self
        finally:
            enter_netns(home)
            os.close(there)
            os.close(home)

    def ip(self, *lines):
        """Runs lines such as "route add default via 10.99.0.1"."""
        run_tool(["ip", "-n", self.netns, "-batch", "-"], "\n".join(lines) + "\n")

    def setting(self, key, value):
        """Sets /proc/sys/KEY, for example net/ipv4/ip_forward."""
        with self.inside():
            write_setting(key, value)

    def forward(self):
        """Makes this node a router."""
        self.setting("net/ipv4/ip_forward", 1)
        self.setting("net/ipv6/conf/all/forwarding", 1)

    def answer_for(self, *prefixes):
        """The kernel answers for every address of these prefixes."""
        self.ip(*(f"route add local {prefix} dev lo" for prefix in prefixes))

    def listen(self, *ports):
        """Opens TCP ports on all addresses, IPv4 and IPv6."""
        with self.inside():
            for port in ports:
                server = socket.create_server(("::", port), family=socket.AF_INET6,
                                              dualstack_ipv6=True, backlog=1024)
                self.lab.later(server.close)

    def rules(self, name, hook, *rules, sets=()):
        """Installs nftables rules at prerouting, input, forward or output; see Rules. SETS are
        declarations of sets that the rules use."""
        return Rules(self, name, hook, rules, sets)

    def lose(self, percent, *prefixes):
        """Drops that percentage of the packets to these prefixes, at random."""
        return self.rules("lose", "prerouting", *(
            f"{match(prefix)} numgen random mod 100 < {percent} drop" for prefix in prefixes))

    def silence(self, *prefixes):
        """Drops all packets to these prefixes without an ICMP error."""
        return self.rules("silence", "prerouting", *(
            f"{match(prefix)} drop" for prefix in prefixes))

    def cut_after(self, prefix):
        """Forwards the first two IPv4 packets to PREFIX, and nothing more from where they came.
        The kernel counts, so the cut falls between two packets however busy the machine is."""
        return self.rules("cut-after", "prerouting", "meta iif @cut drop",
                          f"{match(prefix)} meta iif @one add @cut {{ meta iif }}",
                          f"{match(prefix)} add @one {{ meta iif }}",
                          sets=[f"set {name} {{ type iface_index; flags dynamic; size 16; }}"
                                for name in ("one", "cut")])

    def silence_first(self, prefix):
        """Drops the first packet to each IPv4 address of PREFIX; later ones pass."""
        return self.rules("silence-first", "prerouting",
                          f"{match(prefix)} ip daddr != @seen add @seen {{ ip daddr }} drop",
                          sets=["set seen { type ipv4_addr; flags dynamic; size 65536; }"])

    def answer_only(self, prefix, addresses):
        """Drops packets to all other addresses of this prefix."""
        chosen = "{ " + ", ".join(addresses) + " }"
        return self.rules(f"answer-only-{6 if ':' in prefix else 4}", "prerouting",
                          f"{match(prefix)} {selector(prefix)} != {chosen} drop")

    def filter_icmp(self, *prefixes):
        """Drops ICMP to these prefixes; TCP passes."""
        return self.rules("filter-icmp", "prerouting", *(
            f"{match(prefix)} meta l4proto {{ icmp, icmpv6 }} drop" for prefix in prefixes))

    def reject(self, code, *prefixes, hook="forward"):
        """Answers packets to these prefixes with an ICMP error: admin-prohibited,
        host-unreachable, no-route or port-unreachable (nftables' icmpx codes). HOOK "input": the
        probed address itself does so."""
        return self.rules(f"reject-{code}", hook, *(
            f"{match(prefix)} reject with icmpx type {code}" for prefix in prefixes))

    def start(self, *command, **options):
        """Starts a process here; its output goes to pipes unless OPTIONS (those of
        subprocess.Popen) say otherwise. It ends with the lab at the latest. What checks
        remember is in the lab's folder."""
        options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE,
                   "env": {**os.environ, "XDG_STATE_HOME": os.path.join(self.lab.folder, "state")},
                   **options}
        process = subprocess.Popen(["ip", "netns", "exec", self.netns, *map(str, command)],
                                   stdin=subprocess.DEVNULL, text=True, **options)
        process.begin = time.monotonic()
        self.lab.later(lambda: end_process(process))
        return process

    def run(self, *command, timeout=PATIENCE, **options):
        """Runs a command here, waits for its end and returns a Finished."""
        return finish(self.start(*command, **options), timeout)


class Rules:
    """One nftables table of a node; remove() takes it away, a `with` block does so at its end."""

    def __init__(self, node, name, hook, rules, sets=()):
        self.node = node
        self.table = f"inet lab-{name}"
        body = "\n".join(rules)
        declared = "\n".join(sets)
        priority = {"prerouting": -300}.get(hook, 0)
        self.nft(f"table {self.table}\ndelete table {self.table}\n"
                 f"table {self.table} {{\n{declared}\nchain c {{\n"
                 f"type filter hook {hook} priority {priority}\n{body}\n}}\n}}\n")

    def nft(self, text):
        run_tool(["ip", "netns", "exec", self.node.netns, "nft", "-f", "-"], text)

    def remove(self):
        self.nft(f"table {self.table}\ndelete table {self.table}\n")

    def __enter__(self):
        return self

    def __exit__(self, *_exception):
        self.remove()


class Lab:
    """A set of nodes and links; use it in a `with` statement, also several at a time."""

    numbers = itertools.count()

    def __init__(self):
        self.number = next(self.numbers)
        self.nodes = {}
        self.folder = None
        self.undo = []
        self.handlers = {}
        self.interfaces = 100

    def __enter__(self):
        require_lab()
        sweep()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            self.handlers[number] = signal.signal(number, leave)
        atexit.register(self.close)
        self.folder = tempfile.mkdtemp(prefix=f"{PREFIX}-{os.getpid()}-")
        os.chmod(self.folder, 0o755)
        return self

    def __exit__(self, *_exception):
        self.close()

    def close(self):
        """Removes everything; a second call does nothing."""
        for number in self.handlers:
            signal.signal(number, signal.SIG_IGN)
        while self.undo:
            self.undo.pop()()
        for node in self.nodes.values():
            subprocess.run(["ip", "netns", "delete", node.netns], capture_output=True,
                           check=False)
        self.nodes = {}
        if self.folder:
            shutil.rmtree(self.folder, ignore_errors=True)
        atexit.unregister(self.close)
        for number, handler in self.handlers.items():
            signal.signal(number, handler)
        self.handlers = {}

    def later(self, action):
        """Calls ACTION when the lab closes; the last one is called first."""
        self.undo.append(action)

    def node(self, name):
        return Node(self, name)

    def link(self, left, left_interface, right, right_interface, left_addresses=(),
             right_addresses=()):
        """A cable between two nodes; addresses are such as "10.99.0.1/24".

        The two ends never have the same index: to Linux that would look like one
        device, and it would let IPv6 wait for up to a second before it uses the link.
        """
        self.interfaces += 2
        run_tool(["ip", "link", "add", left_interface, "index", str(self.interfaces),
                  "netns", left.netns, "type", "veth",
                  "peer", "name", right_interface, "index", str(self.interfaces + 1),
                  "netns", right.netns])
        for node, interface, addresses in ((left, left_interface, left_addresses),
                                           (right, right_interface, right_addresses)):
            node.ip(*(f"address add {address} dev {interface}"
                      + (" nodad" if ":" in address else "") for address in addresses),
                    f"link set {interface} up")

    def file(self, name, text):
        """Writes a file for the lab's programs and returns its path."""
        path = os.path.join(self.folder, name)
        with open(path, "wb") as stream:
            stream.write(text if isinstance(text, bytes) else text.encode())
        return path


def selector(prefix):
    """The nftables words for the destination address of this family."""
    return "ip6 daddr" if ":" in str(prefix) else "ip daddr"


def match(prefix):
    """The nftables words for packets that go to PREFIX."""
    return f"{selector(prefix)} {prefix}"


def enter_netns(descriptor):
    if LIBC.setns(descriptor, CLONE_NEWNET) != 0:
        raise LabError(f"setns: {os.strerror(ctypes.get_errno())}")


def write_setting(key, value):
    """Writes a setting, unless this kernel does not have it per namespace."""
    try:
        with open(f"/proc/sys/{key}", "w", encoding="ascii") as stream:
            stream.write(f"{value}\n")
    except (FileNotFoundError, PermissionError):
        pass


def run_tool(command, text=None):
    done = subprocess.run(command, input=text, text=True, capture_output=True, check=False)
    if done.returncode != 0:
        raise LabError(f"{' '.join(command)}: {done.stderr.strip()}\n{text or ''}".strip())
    return done.stdout


def finish(process, timeout=PATIENCE):
    """Waits for the end of a process and returns a Finished; kills it after TIMEOUT seconds."""
    try:
        stdout, stderr = process.communicate(timeout=timeout)
    except subprocess.TimeoutExpired as late:
        process.kill()
        stdout, stderr = process.communicate()
        raise LabError(f"{' '.join(process.args)}: not done after {timeout} s\n"
                       f"{stdout}{stderr}") from late
    return Finished(process.returncode, stdout or "", stderr or "",
                    time.monotonic() - process.begin)


def end_process(process):
    """Ends a process of this lab, first with SIGTERM."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(timeout=2)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def leave(number, _frame):
    """On a signal: unwind, so that every `with` block cleans up."""
    if number == signal.SIGINT:
        raise KeyboardInterrupt
    raise SystemExit(128 + number)


def require_lab():
    if os.geteuid() != 0:
        raise LabUnavailable("network namespaces need root")
    for tool in ("ip", "nft"):
        if not shutil.which(tool):
            raise LabUnavailable(f"the program {tool} is not installed")
    trial = f"{PREFIX}-{os.getpid()}-trial"
    if subprocess.run(["ip", "netns", "add", trial], capture_output=True,
                      check=False).returncode != 0:
        raise LabUnavailable("this machine does not let us make network namespaces")
    subprocess.run(["ip", "netns", "delete", trial], check=False)


def sweep():
    """Removes what is left of labs whose process was killed."""
    for name in left_behind("/run/netns"):
        subprocess.run(["ip", "netns", "delete", name], capture_output=True, check=False)
    for name in left_behind(tempfile.gettempdir()):
        shutil.rmtree(os.path.join(tempfile.gettempdir(), name), ignore_errors=True)


def left_behind(folder):
    """The names in FOLDER that belong to labs whose process is gone."""
    names = os.listdir(folder) if os.path.isdir(folder) else []
    parts = [(name, name.split("-")) for name in names]
    return [name for name, part in parts if part[0] == PREFIX and len(part) > 2
            and part[1].isdigit() and not os.path.exists(f"/proc/{part[1]}")]
