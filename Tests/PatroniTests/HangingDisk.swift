#if os(Linux)
    import Glibc
    import PostgresTestSupport

    /// A mounted file system that never answers: its server, which is this process, does not read what the kernel asks.
    struct HangingDisk {
        let path: String
        private let server: Int32

        /// Mounting takes the rights of root, and the kernel's interface.
        static var isPossible: Bool { geteuid() == 0 && access("/dev/fuse", R_OK | W_OK) == 0 }

        init?() {
            path = TemporaryRoot.uniquePath("disk")
            server = open("/dev/fuse", O_RDWR | O_CLOEXEC)
            let options = "fd=\(server),rootmode=40000,user_id=0,group_id=0"
            guard server >= 0, mkdir(path, 0o700) == 0, mount("hanging", path, "fuse", 0, options) == 0 else { return nil }
        }

        /// Whoever still waits gets an error now.
        func end() {
            close(server)
            umount2(path, Int32(MNT_DETACH))
            rmdir(path)
        }
    }
#endif
