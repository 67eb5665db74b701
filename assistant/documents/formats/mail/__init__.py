"""Mail: single messages (.eml, .msg) and mailboxes (.mbox), with the documents that are attached to them.

In: a path. Out: a document whose parts are messages and attachments; pictures and programs are left unread.
"""
