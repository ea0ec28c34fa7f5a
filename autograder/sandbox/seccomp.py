"""A filter for the system calls that a notebook has no use for and attacks on a kernel do.

It is the third layer, below namespaces and missing capabilities: above all it keeps a process from
making another user namespace, in which it would have capabilities again, and from socket families
that network namespaces do not confine (vsock reaches the host of a virtual machine).
It also refuses memory that no limit of a process counts: anonymous files and System V's.
"""

from __future__ import annotations

import ctypes
import errno
import os

REFUSED = """
    acct add_key bpf chroot delete_module finit_module fsconfig fsmount fsopen fspick init_module
    io_uring_enter io_uring_register io_uring_setup ioperm iopl kcmp kexec_file_load kexec_load
    keyctl lookup_dcookie memfd_create memfd_secret mount mount_setattr move_mount move_pages
    msgget name_to_handle_at open_by_handle_at open_tree perf_event_open personality pidfd_getfd
    pivot_root process_vm_readv process_vm_writev ptrace quotactl reboot request_key semget setns
    shmat shmget swapoff swapon syslog umount umount2 unshare userfaultfd vhangup
""".split()  # noqa: SIM905 - as a list it fills a screen
CLONE_NEWUSER = 0x1000_0000
LAST_FAMILY = 10  # AF_INET6; what follows is netlink, packet, vsock and the like

ALLOW = 0x7FFF_0000
ERRNO = 0x0005_0000
GREATER, MASKED_EQUAL = 6, 7
PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 22, 2


class Comparison(ctypes.Structure):
    """libseccomp's ``struct scmp_arg_cmp``."""

    _fields_ = (
        ("argument", ctypes.c_uint),
        ("operator", ctypes.c_int),
        ("datum_a", ctypes.c_uint64),
        ("datum_b", ctypes.c_uint64),
    )


class Program(ctypes.Structure):
    """The kernel's ``struct sock_fprog``."""

    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def build() -> bytes:
    """Return the filter as a program for the kernel.

    Raises
    ------
    OSError
        If libseccomp is not installed, or cannot make a filter.
    """
    library = ctypes.CDLL("libseccomp.so.2")
    library.seccomp_init.restype = ctypes.c_void_p
    context = ctypes.c_void_p(library.seccomp_init(ALLOW))

    def refuse(name: str, number: int, *comparisons: Comparison) -> None:
        call = library.seccomp_syscall_resolve_name(name.encode())
        array = (Comparison * len(comparisons))(*comparisons)
        count = len(comparisons)
        if call < 0:  # this kernel or this architecture has no such call
            return
        _check(library.seccomp_rule_add_array(context, ERRNO | number, call, count, array), name)

    for name in REFUSED:
        refuse(name, errno.EPERM)
    refuse("clone3", errno.ENOSYS)  # its flags are out of a filter's sight; callers then use clone
    refuse("clone", errno.EPERM, Comparison(0, MASKED_EQUAL, CLONE_NEWUSER, CLONE_NEWUSER))
    refuse("socket", errno.EAFNOSUPPORT, Comparison(0, GREATER, LAST_FAMILY, 0))
    descriptor = os.memfd_create("filter")
    with os.fdopen(descriptor, "rb") as file:
        _check(library.seccomp_export_bpf(context, descriptor), "export")
        library.seccomp_release(context)
        file.seek(0)
        return file.read()


def load(program: bytes) -> None:
    """Filter the system calls of this process and its children from now on."""
    libc = ctypes.CDLL(None, use_errno=True)
    filter_ = Program(len(program) // 8, program)
    if libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(filter_), 0, 0) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def _check(result: int, what: str) -> None:
    if result < 0:
        raise OSError(-result, f"{what}: {os.strerror(-result)}")
