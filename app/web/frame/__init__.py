"""What all rooms of pages share: who asks, how an answer is sent, how values look, the frame around every page.

Here: the present request (`current`, `signed_in`, `attempts`), protection and errors (`security`, `errors`,
`request_log`), addresses of lists (`paging`, `filters`, `freshness`), how a view of the runtime is shown
(`representing` as JSON, `presenting` and `timeline` as HTML), sending forms, the navigation, what a
demonstration adds.

Not here: pages of one noun, which have a room each, and anything that knows one of those rooms.
"""
