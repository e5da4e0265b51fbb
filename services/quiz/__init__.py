"""The quiz 诚信知识问答."""
