//! Tasks of their own for work that must not block or be cancelled with its caller.

use tokio::task::JoinHandle;

/// Waits for a task that nothing aborts and returns its output. A panic of the task continues in
/// the caller, as it would without the task.
pub async fn join_task<T>(task: JoinHandle<T>) -> T {
    match task.await {
        Ok(output) => output,
        Err(failure) => std::panic::resume_unwind(failure.into_panic()),
    }
}
