//! A feed without an end: the page has the posts, and this view only knows the number of the newest one.

use hothouse_sdk::prelude::*;

/// Posts that are loaded at once.
const PAGE: u32 = 20;
/// Posts that the page keeps when new ones arrive.
const KEPT: i32 = 60;

#[cfg(test)]
mod tests;

#[derive(State)]
struct Feed {
    newest: Assign<u32>,
    /// The rows are in the page alone: a restored view begins with the newest ones, as a mounted one does.
    #[live(skip = newest_posts(*newest))]
    posts: Stream<Post>,
}

struct Post {
    number: u32,
}

#[derive(Event)]
enum FeedEvent {
    Add,
    /// The last post that the page has, by its element's id, has come into sight.
    LoadMore {
        id: String,
    },
    Delete {
        number: u32,
    },
    Reset,
}

impl LiveView for Feed {
    type Event = FeedEvent;

    fn mount(_context: &Context, socket: &mut Socket) -> Result<Self> {
        socket.page_title("Feed");
        let newest = 1000;
        Ok(Self { newest: newest.into(), posts: newest_posts(newest) })
    }

    fn handle_event(&mut self, event: FeedEvent, _socket: &mut Socket) -> Result<()> {
        match event {
            FeedEvent::Add => {
                *self.newest += 1;
                self.posts.prepend(Post { number: *self.newest }).limit(KEPT);
            }
            FeedEvent::LoadMore { id } => {
                let last = id.strip_prefix("posts-").and_then(|number| number.parse().ok());
                let last = last.ok_or_else(|| Failure::bad_input(format!("there is no post {id:?}")))?;
                self.posts.extend(older_than(last));
            }
            FeedEvent::Delete { number } => self.posts.delete_by_id(number),
            FeedEvent::Reset => self.posts.reset(older_than(*self.newest + 1)),
        }
        Ok(())
    }

    fn render(&self) -> Html {
        html! {
            <main>
                <h1>"Feed"</h1>
                <p class="row">
                    <button class="primary" phx-click={FeedEvent::Add}>"New post"</button>
                    <button phx-click={FeedEvent::Reset}>"Start over"</button>
                    <span class="soft" id="newest">{self.newest} " posts so far"</span>
                </p>
                <ul id="posts" class="rows" phx-update="stream" phx-viewport-bottom={FeedEvent::LOAD_MORE}>
                    for (dom_id, post) in self.posts {
                        <li id={dom_id}>
                            <span class="grow">"Post " {post.number}</span>
                            <button phx-click={FeedEvent::DELETE} phx-value-number={post.number} aria-label="delete">"×"</button>
                        </li>
                    }
                </ul>
                <p><a href="/">"All examples"</a></p>
            </main>
        }
    }
}

/// The stream with its first page.
fn newest_posts(newest: u32) -> Stream<Post> {
    let mut posts = Stream::new("posts", |post: &Post| post.number);
    posts.extend(older_than(newest + 1));
    posts
}

/// The page of posts behind one; none behind the first.
fn older_than(number: u32) -> impl Iterator<Item = Post> {
    (1..number).rev().take(PAGE as usize).map(|number| Post { number })
}

export!(Feed);
