/// Runs tasks that belong to no actor on an event loop's thread, so that what they await of the loop's actors costs no change of thread.
///
/// Such tasks must be short between their awaits: they share the thread with every session of the loop.
package final class LoopTaskExecutor: TaskExecutor, Sendable {
    /// For the tasks of ``EventLoop/shared``.
    package static let shared = LoopTaskExecutor(.shared)

    private let loop: EventLoop

    /// An executor on the thread of `loop`.
    package init(_ loop: EventLoop) {
        self.loop = loop
    }

    /// Runs the job on the loop's thread. Part of `TaskExecutor`; not for direct use.
    package func enqueue(_ job: consuming ExecutorJob) {
        loop.core.post(.runTask(UnownedJob(job), self))
    }
}
